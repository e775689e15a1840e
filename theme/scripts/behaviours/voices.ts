/** Voices that live on this phone. Others live on somebody's server, which would be told what is read. */

/**
 * Find a voice of this phone.
 *
 * @param speech - The browser's speech.
 * @param lang - Language, e.g. "ar".
 *
 * @returns A voice, or nothing if the phone has none of its own for the language.
 */
export function ownVoice(speech: SpeechSynthesis, lang: string): SpeechSynthesisVoice | undefined {
  return speech
    .getVoices()
    .find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === lang)
}
