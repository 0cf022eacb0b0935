using System.Text;

namespace IotOps.Aws.Signing;

/// <summary>The path of a canonical request.</summary>
internal static class CanonicalPath
{
    /// <summary>S3 signs the path as sent: no dot segment is resolved, and only what was not percent-encoded yet is.</summary>
    public static void AppendForS3(ref Utf8Buffer target, string path)
    {
        if (path.Length == 0)
        {
            target.Append((byte)'/');
            return;
        }

        using var text = new Scratch(path);
        PercentEncoding.AppendUnencoded(ref target, text.Bytes);
    }

    /// <summary>All others sign the path as sent, dot segments resolved, encoded once more.</summary>
    public static void AppendNormalised(ref Utf8Buffer target, string path)
    {
        if (path is "" or "/")
        {
            target.Append((byte)'/');
            return;
        }

        using var text = new Scratch(path.Contains("/.", StringComparison.Ordinal) || path.Contains("//", StringComparison.Ordinal)
            ? Normalise(path)
            : path);
        PercentEncoding.AppendPath(ref target, text.Bytes);
    }

    private static string Normalise(string path)
    {
        var kept = new List<string>();
        string[] segments = path.Split('/');
        foreach (string segment in segments)
        {
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    if (kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    break;
                default:
                    kept.Add(segment);
                    break;
            }
        }

        var normal = new StringBuilder(path.Length);
        foreach (string segment in kept)
        {
            normal.Append('/').Append(segment);
        }

        if (kept.Count == 0 || path.EndsWith('/'))
        {
            normal.Append('/');
        }

        return normal.ToString();
    }

    private readonly ref struct Scratch
    {
        private readonly Utf8Buffer _buffer;

        public Scratch(string text)
        {
            _buffer = new Utf8Buffer((text.Length * 3) + 3);
            _buffer.Append(text);
        }

        public ReadOnlySpan<byte> Bytes => _buffer.Written;

        public void Dispose() => _buffer.Dispose();
    }
}
