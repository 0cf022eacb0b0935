using IotOps.Shared;

namespace IotOps.Logs.Tail;

/// <summary>A path pattern: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c> and <c>{a,b}</c> within one name, <c>**</c> for any depth of directories.</summary>
internal sealed class PathPattern
{
    private static readonly char[] Separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    private PathPattern(string text, string root, string[] segments)
    {
        Text = text;
        Root = root;
        Segments = segments;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The directory above the first wildcard, where a walk begins.</summary>
    public string Root { get; }

    /// <summary>Names and patterns of names below <see cref="Root"/>; never empty.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <exception cref="ArgumentException">The pattern is not an absolute path.</exception>
    public static PathPattern Parse(string pattern)
    {
        if (!Path.IsPathFullyQualified(pattern))
        {
            throw new ArgumentException($"The log file path '{pattern}' is not absolute; give the whole path, such as /var/log/*.log.", nameof(pattern));
        }

        string whole = Path.GetFullPath(pattern);
        string volume = Path.GetPathRoot(whole)!;
        string[] names = whole[volume.Length..].Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || Array.Exists(Separators, pattern.EndsWith))
        {
            throw new ArgumentException($"The log file path '{pattern}' names a directory; add the files, such as {pattern.TrimEnd('/')}/*.log.", nameof(pattern));
        }

        if (Array.Exists(names, static name => name.Count(static c => c == '{') != name.Count(static c => c == '}')))
        {
            throw new ArgumentException($"The log file path '{pattern}' has braces that are not closed within one name; write {{a,b}} there, or [{{] for the character itself.", nameof(pattern));
        }

        int literal = Array.FindIndex(names, IsPattern);
        int rootLength = literal < 0 ? names.Length - 1 : literal;
        string[] segments = names[rootLength..];
        if (IsAnyDepth(segments[^1]))
        {
            segments = [.. segments, "*"];
        }

        return new PathPattern(pattern, Path.Combine(volume, Path.Combine(names[..rootLength])), segments);
    }

    /// <summary>A pattern of an earlier configuration; null when it is none here and now.</summary>
    public static PathPattern? TryParse(string pattern)
    {
        try
        {
            return Parse(pattern);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public static bool IsAnyDepth(string segment) => segment is "**";

    public static bool IsPattern(string segment) => segment.AsSpan().ContainsAny("*?[{");

    /// <summary>True when the absolute path of a file matches the whole pattern.</summary>
    public bool IsMatch(string path)
    {
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = path.AsSpan(Root.Length);
        if (Root.Length > 0 && !Separators.Contains(Root[^1]))
        {
            if (rest.IsEmpty || !Separators.Contains(rest[0]))
            {
                return false;
            }

            rest = rest[1..];
        }

        return IsMatch(rest.ToString().Split(Separators));
    }

    /// <summary>One name against one segment. A leading dot is matched only by a dot.</summary>
    public static bool IsNameMatch(ReadOnlySpan<char> segment, ReadOnlySpan<char> name) =>
        segment.Contains('{') ? IsAnyMatch(segment, name) : (name is not ['.', ..] || segment is ['.', ..]) && Glob.IsMatch(segment, name);

    private static bool IsAnyMatch(ReadOnlySpan<char> segment, ReadOnlySpan<char> name)
    {
        foreach (string alternative in Braces.Expand(segment.ToString()))
        {
            if ((name is not ['.', ..] || alternative is ['.', ..]) && Glob.IsMatch(alternative, name))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMatch(string[] names)
    {
        int s = 0, n = 0, depth = -1, depthName = 0;
        while (n < names.Length)
        {
            if (s < Segments.Count && IsAnyDepth(Segments[s]))
            {
                depth = s++;
                depthName = n;
            }
            else if (s < Segments.Count && IsNameMatch(Segments[s], names[n]))
            {
                s++;
                n++;
            }
            else if (depth >= 0 && !names[depthName].StartsWith('.'))
            {
                s = depth + 1;
                n = ++depthName;
            }
            else
            {
                return false;
            }
        }

        return s == Segments.Count;
    }
}
