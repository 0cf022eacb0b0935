namespace IotOps.Shared;

/// <summary>A pattern of one name: <c>*</c> stands for any characters, <c>?</c> for one, <c>[a-z]</c> for one of these, <c>[!a-z]</c> or <c>[^a-z]</c> for another. Case counts.</summary>
internal static class Glob
{
    /// <summary>Whether the whole name matches.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // Greedy, and only the last star is tried again: at most pattern times name steps, never exponential.
        int p = 0, n = 0, star = -1, starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starName = n;
            }
            else if (p < pattern.Length && IsOne(pattern[p..], name[n], out int length))
            {
                p += length;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    /// <summary>Whether what a pattern begins with stands for a character, and how long that is.</summary>
    private static bool IsOne(ReadOnlySpan<char> pattern, char c, out int length)
    {
        length = 1;
        if (pattern[0] != '[')
        {
            return pattern[0] == '?' || pattern[0] == c;
        }

        bool isOther = pattern.Length > 1 && pattern[1] is '!' or '^';
        int start = isOther ? 2 : 1;

        // A bracket that comes first is one of the characters.
        int end = pattern.Length > start + 1 ? pattern[(start + 1)..].IndexOf(']') : -1;
        if (end < 0)
        {
            return c == '[';
        }

        ReadOnlySpan<char> set = pattern.Slice(start, end + 1);
        length = start + set.Length + 1;
        bool isIn = false;
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                isIn |= set[i] <= c && c <= set[i + 2];
                i += 2;
            }
            else
            {
                isIn |= set[i] == c;
            }
        }

        return isIn != isOther;
    }
}
