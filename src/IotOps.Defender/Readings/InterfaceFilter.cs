namespace IotOps.Defender.Readings;

/// <summary>Which interfaces' traffic counts.</summary>
internal sealed class InterfaceFilter(IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    // Arrays of our own: they cannot change, and walking them allocates nothing.
    private readonly string[] _include = [.. include];
    private readonly string[] _exclude = [.. exclude];

    public bool Counts(string name) => AnyMatches(_include, name) && !AnyMatches(_exclude, name);

    private static bool AnyMatches(string[] patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (Matches(pattern, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // Greedy with one point of return: linear in practice, never exponential.
        int p = 0, n = 0, star = -1, starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starName = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
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
}
