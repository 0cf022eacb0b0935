using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Queries;

/// <summary>A pattern with <c>*</c> and <c>?</c>, without case. It is held against the whole value and against each word: the guide does not say which.</summary>
internal sealed class PatternTest(IReadOnlyList<QueryCharacter> pattern) : ValueTest
{
    public override string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (QueryCharacter one in pattern)
            {
                text.Append(one.IsWildcard ? one.Value.ToString() : QueryText.Escape(one.Value));
            }

            return text.ToString();
        }
    }

    public override bool HasLeadingWildcard => pattern[0].IsWildcard;

    public override bool Takes(JsonElement value) =>
        QueryValues.Text(value) is { } text && (Matches(text) || QueryValues.Words(text).Any(Matches));

    // The latest star takes one character more each time that what follows it does not fit.
    private bool Matches(string text)
    {
        int at = 0, next = 0, star = -1, taken = 0;
        while (next < text.Length)
        {
            if (at < pattern.Count && pattern[at] is { IsWildcard: true, Value: '*' })
            {
                star = at++;
                taken = next;
            }
            else if (at < pattern.Count && (pattern[at] is { IsWildcard: true } || char.ToLowerInvariant(pattern[at].Value) == char.ToLowerInvariant(text[next])))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                next = ++taken;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Count && pattern[at] is { IsWildcard: true, Value: '*' })
        {
            at++;
        }

        return at == pattern.Count;
    }
}
