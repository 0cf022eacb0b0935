namespace IotOps.Logs.Tail;

/// <summary>Alternatives within a name: <c>{a,b}.log</c> is <c>a.log</c> or <c>b.log</c>. They may be nested.</summary>
internal static class Braces
{
    /// <summary>The names that a pattern stands for. Braces without a comma, and those in <c>[{]</c>, are characters.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        if (!TryFind(pattern, out int open, out int close, out List<int> commas))
        {
            yield return pattern;
            yield break;
        }

        int from = open + 1;
        foreach (int end in commas.Append(close))
        {
            foreach (string alternative in Expand(string.Concat(pattern.AsSpan(0, open), pattern.AsSpan(from, end - from), pattern.AsSpan(close + 1))))
            {
                yield return alternative;
            }

            from = end + 1;
        }
    }

    private static bool TryFind(string pattern, out int open, out int close, out List<int> commas)
    {
        commas = [];
        int depth = 0;
        open = -1;
        for (close = 0; close < pattern.Length; close++)
        {
            switch (pattern[close])
            {
                case '{' when close == 0 || pattern[close - 1] != '[':
                    open = depth++ == 0 ? close : open;
                    break;
                case ',' when depth == 1:
                    commas.Add(close);
                    break;
                case '}' when depth > 0 && --depth == 0:
                    if (commas.Count > 0)
                    {
                        return true;
                    }

                    break;
            }
        }

        return false;
    }
}
