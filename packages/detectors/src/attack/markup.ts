/** What an element says, without its tags. */
export const innerText = (match: string): string => match.replaceAll(/<[^<>]*>|&nbsp;/g, ' ');
