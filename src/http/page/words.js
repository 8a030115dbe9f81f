// The page's sentences, in the language that the server chose; the same file that it reads itself.
let sentences = {};
let language = "en";

export async function loadWords(name) {
    language = name;
    const answer = await fetch(new URL(`./${name}.json`, import.meta.url), { credentials: "omit" });
    sentences = await answer.json();
    document.documentElement.lang = name;
}

export function say(name, ...values) {
    const sentence = sentences[name] ?? name;
    return sentence.replace(/\{(\d)\}/g, (place, index) => values[Number(index)] ?? place);
}

export const has = (name) => name in sentences;
export const currentLanguage = () => language;
