namespace IotOps.Shared;

/// <summary>What a mistyped word was probably meant to be.</summary>
internal static class EditDistance
{
    private const int MaxLength = 40;

    /// <summary>The nearest of the choices, when one is near: a third of its letters wrong, or begun and not finished. Null otherwise.</summary>
    public static string? Nearest(string word, IEnumerable<string> choices)
    {
        string lower = word.ToLowerInvariant();
        string? nearest = null;
        int best = int.MaxValue;
        foreach (string choice in choices)
        {
            bool isBegun = lower.Length >= 2 && choice.StartsWith(lower, StringComparison.OrdinalIgnoreCase);
            int distance = isBegun ? 1 : Between(lower, choice.ToLowerInvariant());
            if (distance < best && (isBegun || distance <= Math.Max(1, choice.Length / 3)))
            {
                best = distance;
                nearest = choice;
            }
        }

        return nearest;
    }

    // Two neighbours in the wrong order count as one mistake: it is the commonest.
    private static int Between(string a, string b)
    {
        if (a.Length > MaxLength || b.Length > MaxLength)
        {
            return int.MaxValue;
        }

        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = (i, j) switch
                {
                    (_, 0) => i,
                    (0, _) => j,
                    _ => Math.Min(
                        Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                        d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
