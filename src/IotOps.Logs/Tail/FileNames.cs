namespace IotOps.Logs.Tail;

/// <summary>Which names rotation makes of which: <c>app.log</c> becomes <c>app.log.1</c>, <c>app.log-20231001</c>, <c>app-1.log</c>, <c>app.log.2.gz</c>.</summary>
internal static class FileNames
{
    private static ReadOnlySpan<char> Joints => ".-_~";

    /// <summary>Originals before their copies, whose names are longer; otherwise the order of names.</summary>
    public static IComparer<string> OriginalsFirst { get; } = Comparer<string>.Create(static (a, b) =>
        a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b));

    public static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path without the name's extension: what names made by rotation begin with.</summary>
    public static string Stem(string path)
    {
        int name = NameStart(path);
        int dot = path.AsSpan(name).LastIndexOf('.');
        return dot <= 0 ? path : path[..(name + dot)];
    }

    /// <summary>The stems that files have whose rotation could have made this path.</summary>
    public static IEnumerable<string> PossibleStems(string path)
    {
        for (int i = NameStart(path) + 1; i < path.Length; i++)
        {
            if (Joints.Contains(path[i]))
            {
                yield return path[..i];
            }
        }

        yield return path;
    }

    /// <summary>True when rotating <paramref name="original"/> could have made <paramref name="path"/>. Never the other way round: a new file has the shorter name.</summary>
    public static bool IsDerived(string path, string original)
    {
        string stem = Stem(original);
        return path.Length >= original.Length
            && path != original
            && path.StartsWith(stem, StringComparison.Ordinal)
            && (path.Length == stem.Length || Joints.Contains(path[stem.Length]))
            && path.AsSpan(stem.Length).IndexOfAny('/', Path.DirectorySeparatorChar) < 0;
    }

    private static int NameStart(string path) => path.Length - Path.GetFileName(path.AsSpan()).Length;
}
