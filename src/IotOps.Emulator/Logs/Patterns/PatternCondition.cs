namespace IotOps.Emulator.Logs.Patterns;

/// <summary>Conditions about something, joined by <c>&amp;&amp;</c>, <c>||</c> and parentheses; <c>&amp;&amp;</c> binds closer.</summary>
internal static class PatternCondition
{
    // Deeper ones would take the stack.
    private const int MaxDepth = 32;

    private static readonly string[] Comparisons = ["!=", "<=", ">=", "=", "<", ">"];

    /// <param name="reader">At the condition.</param>
    /// <param name="readOne">Reads one that is not joined.</param>
    /// <exception cref="Http.Refusal">It is not a condition.</exception>
    public static Func<T, bool> Read<T>(PatternReader reader, Func<PatternReader, Func<T, bool>> readOne) => ReadEither(reader, readOne, depth: 0);

    /// <summary>A comparison operator.</summary>
    /// <exception cref="Http.Refusal">There is none.</exception>
    public static string ReadComparison(PatternReader reader) => TryReadComparison(reader) ?? throw reader.Invalid("a comparison is expected");

    public static string? TryReadComparison(PatternReader reader) => Array.Find(Comparisons, reader.TryTake);

    private static Func<T, bool> ReadEither<T>(PatternReader reader, Func<PatternReader, Func<T, bool>> readOne, int depth)
    {
        Func<T, bool> left = ReadBoth(reader, readOne, depth);
        while (reader.TryTake("||"))
        {
            (Func<T, bool> first, Func<T, bool> second) = (left, ReadBoth(reader, readOne, depth));
            left = value => first(value) || second(value);
        }

        return left;
    }

    private static Func<T, bool> ReadBoth<T>(PatternReader reader, Func<PatternReader, Func<T, bool>> readOne, int depth)
    {
        Func<T, bool> left = ReadOne(reader, readOne, depth);
        while (reader.TryTake("&&"))
        {
            (Func<T, bool> first, Func<T, bool> second) = (left, ReadOne(reader, readOne, depth));
            left = value => first(value) && second(value);
        }

        return left;
    }

    private static Func<T, bool> ReadOne<T>(PatternReader reader, Func<PatternReader, Func<T, bool>> readOne, int depth)
    {
        if (!reader.TryTake("("))
        {
            return readOne(reader);
        }

        Func<T, bool> inner = depth < MaxDepth ? ReadEither(reader, readOne, depth + 1) : throw reader.Invalid($"more than {MaxDepth} parentheses");
        reader.Take(")");
        return inner;
    }
}
