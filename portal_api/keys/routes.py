"""HTTP face of the key list."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from portal_api.abuse.asking import limited
from portal_api.keys.ring import KeyRing

router = APIRouter(prefix="/v1/keys", dependencies=[Depends(limited("keys"))])


@router.get("", response_class=PlainTextResponse)
def read_keys(request: Request) -> str:
    """Answer with the signed list, exactly as the roots signed it."""
    keys: KeyRing = request.app.state.keys
    return keys.current.note
