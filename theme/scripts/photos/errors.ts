/** What can be wrong with a photo. */

/** This browser cannot read the file as a picture, or the file is not whole. */
export class PhotoUnreadable extends Error {}
