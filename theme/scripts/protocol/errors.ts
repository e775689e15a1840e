/** What can be wrong with something that arrived: one class each, one tree, as in portal_protocol. */

/** Root of everything this folder throws on purpose. */
export class ProtocolError extends Error {}

/** An age file or an age key string is not what it should be. */
export class AgeError extends ProtocolError {}

/** A signed note does not have the form of one. */
export class NoteMalformed extends ProtocolError {}
/** A key we know signed something else: somebody changed the note. */
export class NoteForged extends ProtocolError {}
/** Fewer known keys signed than must have. */
export class SignaturesMissing extends ProtocolError {}

/** The key list is signed, but is not a key list for us. */
export class KeyListInvalid extends ProtocolError {}
/** The key list is older than one we already know. */
export class KeyListRolledBack extends ProtocolError {}
/** The key list ran out too long ago to seal anything with it. */
export class KeyListExpired extends ProtocolError {}

/** What was typed is not a return code. */
export class ReturnCodeInvalid extends ProtocolError {}
/** It does not have 24 digits. */
export class ReturnCodeLength extends ReturnCodeInvalid {}
/** It has 24 digits, but the check digits do not fit: a slip of the pen. */
export class ReturnCodeCheck extends ReturnCodeInvalid {}

/** Padded JSON is not padded, or not JSON, or too long. */
export class EnvelopeInvalid extends ProtocolError {}
/** The receipt is signed, but is not a receipt for this submission. */
export class ReceiptInvalid extends ProtocolError {}
/** The reply is signed, but is not a reply to this mailbox. */
export class ReplyInvalid extends ProtocolError {}
/** The letter is not one of ours, or was changed. */
export class LetterInvalid extends ProtocolError {}
/** The log's checkpoint does not have the form of one. */
export class CheckpointInvalid extends ProtocolError {}
/** A manifest is not written as manifests are. */
export class ManifestInvalid extends ProtocolError {}
/** Not a file that carries a submission, or one that was changed on its way. */
export class SealedFileInvalid extends ProtocolError {}
/** The beginning of such a file; the rest did not come along. */
export class SealedFileCutOff extends SealedFileInvalid {}
/** Something else altogether: a photo, a letter, a form that was saved as a page. */
export class SealedFileOfAnotherKind extends SealedFileInvalid {}
/** A signed text that is no release, or one of another portal. */
export class ReleaseInvalid extends ProtocolError {}
/** What answered in the portal's place asks for work, or hands out passes, as no portal does. */
export class TaskInvalid extends ProtocolError {}
