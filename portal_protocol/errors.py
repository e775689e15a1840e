"""What can be wrong with bytes that claim to follow the protocol.

* ProtocolError
  * AgeError: BechInvalid, AgeHeaderInvalid, AgeHeaderForged, NoIdentityMatches, AgePayloadInvalid,
    ArmorInvalid
    * NoIdentityMatches: PassphraseWrong
  * SecretFileInvalid
  * NoteError: NoteMalformed, NoteForged, SignaturesMissing
  * KeyListInvalid, KeyListRolledBack
  * ReturnCodeInvalid: ReturnCodeLength, ReturnCodeCheck
  * ManifestInvalid, EnvelopeInvalid, FileInvalid
  * SubmissionInvalid: SubmissionMalformed, NotSealed, WrongRecipientCount, SizeNotAllowed
  * ReceiptInvalid, ReplyInvalid, LetterInvalid
  * SealedFileInvalid: SealedFileCutOff, SealedFileOfAnotherKind
  * ReleaseInvalid
  * TaskInvalid

Messages are for logs and tests; they never quote what was inside a submission.
"""


class ProtocolError(Exception):
    """Anything that does not follow the protocol."""


class AgeError(ProtocolError):
    """An age file or key that cannot be used."""


class BechInvalid(AgeError):
    """A key string with a wrong alphabet, length, case or checksum."""


class AgeHeaderInvalid(AgeError):
    """The header does not follow the age format."""


class AgeHeaderForged(AgeError):
    """The header was changed after it was written."""


class NoIdentityMatches(AgeError):
    """The file is sealed to somebody else."""


class PassphraseWrong(NoIdentityMatches):
    """The file is sealed with another passphrase, or with none."""


class ArmorInvalid(AgeError):
    """Letters around an age file that do not follow the format."""


class SecretFileInvalid(ProtocolError):
    """A file that does not hold exactly one private key."""


class AgePayloadInvalid(AgeError):
    """The content was changed, cut off or extended."""


class NoteError(ProtocolError):
    """A signed note that cannot be trusted."""


class NoteMalformed(NoteError):
    """Not a signed note."""


class NoteForged(NoteError):
    """A signature by a known key does not fit the text."""


class SignaturesMissing(NoteError):
    """Fewer known keys have signed than are needed."""


class KeyListInvalid(ProtocolError):
    """A signed text that is no key list, or one of another deployment."""


class KeyListRolledBack(KeyListInvalid):
    """A key list older than one that was seen before."""


class ReturnCodeInvalid(ProtocolError):
    """Digits that are no return code."""


class ReturnCodeLength(ReturnCodeInvalid):
    """Not 24 digits."""


class ReturnCodeCheck(ReturnCodeInvalid):
    """The two check digits do not fit: a digit is wrong or two changed places."""


class ManifestInvalid(ProtocolError):
    """Not a manifest, or one that belongs to other bytes."""


class EnvelopeInvalid(ProtocolError):
    """The opened envelope is not what an envelope is."""


class FileInvalid(ProtocolError):
    """An attached file is not what the envelope says of it."""


class SubmissionInvalid(ProtocolError):
    """A submission that cannot be accepted."""


class SubmissionMalformed(SubmissionInvalid):
    """Not a manifest followed by its envelope."""


class NotSealed(SubmissionInvalid):
    """Not an age file to hybrid recipients: it may be plaintext."""


class WrongRecipientCount(SubmissionInvalid):
    """Sealed to more or fewer recipients than the key list names."""


class SizeNotAllowed(SubmissionInvalid):
    """A size that no padded envelope has."""


class ReceiptInvalid(ProtocolError):
    """A signed text that is no receipt for this submission."""


class ReplyInvalid(ProtocolError):
    """A signed text that is no reply to this mailbox."""


class LetterInvalid(ProtocolError):
    """Bytes that are no signed letter."""


class SealedFileInvalid(ProtocolError):
    """Not a file that carries a submission, or one that was changed on its way."""


class SealedFileCutOff(SealedFileInvalid):
    """The beginning of such a file; the rest did not come along."""


class SealedFileOfAnotherKind(SealedFileInvalid):
    """Something else altogether: a photo, a letter, a form that was saved as a page."""


class ReleaseInvalid(ProtocolError):
    """A signed text that is no release, or one of another deployment."""


class TaskInvalid(ProtocolError):
    """Work, or a pass, as no portal gives it."""
