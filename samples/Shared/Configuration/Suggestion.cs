namespace IotOps.Samples.Configuration;

/// <summary>What a mistyped word was most likely meant to be.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean 'group'?</c>, or nothing when no word is near.</summary>
    public static string For(string typed, IEnumerable<string> words)
    {
        string? best = null;
        int bestDistance = Math.Min(3, (typed.Length / 2) + 1);
        foreach (string word in words)
        {
            int distance = Distance(typed, word);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best is null ? "" : $"; did you mean '{best}'?";
    }

    /// <summary>Edits between two words, two swapped neighbours counted as one, upper and lower case as the same letter.</summary>
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }

    private static bool Same(char x, char y) => char.ToUpperInvariant(x) == char.ToUpperInvariant(y);
}
