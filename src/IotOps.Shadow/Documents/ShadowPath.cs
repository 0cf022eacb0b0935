using System.Globalization;
using System.Text.Json;

namespace IotOps.Shadow.Documents;

/// <summary>Paths into a document: JSON pointers (RFC 6901) whose first slash may be left out.</summary>
internal static class ShadowPath
{
    private const int MostListed = 8;

    /// <summary>What is at a path; null when there is nothing. Allocates only for names with an escaped <c>~</c> or <c>/</c>.</summary>
    public static ShadowValue? Find(ShadowValue root, ReadOnlySpan<char> path)
    {
        if (path.Length > 0 && path[0] == '/')
        {
            path = path[1..];
        }

        ShadowValue? value = root;
        while (path.Length > 0 && value is not null)
        {
            int slash = path.IndexOf('/');
            ReadOnlySpan<char> name = slash < 0 ? path : path[..slash];
            path = slash < 0 ? [] : path[(slash + 1)..];
            if (name.Contains('~'))
            {
                name = Unescape(name.ToString());
            }

            value = value.Kind == JsonValueKind.Array ? Item(value, name) : value.Member(name);
        }

        return value;
    }

    /// <summary>The names of a path; none for the whole.</summary>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static string[] Split(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string trimmed = path.StartsWith('/') ? path[1..] : path;
        if (trimmed.Length == 0)
        {
            return [];
        }

        string[] names = trimmed.Split('/');
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0)
            {
                throw new ArgumentException($"The path '{path}' has an empty name; write it like wifi/rssi, with ~1 for a slash in a name.", nameof(path));
            }

            names[i] = Unescape(names[i]);
        }

        return names;
    }

    /// <summary>The path of a member of what is at a path.</summary>
    public static string Join(string path, string name)
    {
        string escaped = name.AsSpan().IndexOfAny('~', '/') < 0
            ? name
            : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return path.Length == 0 ? escaped : $"{path}/{escaped}";
    }

    /// <summary>The paths of all values in a document, such as <c>reported/wifi/rssi</c> of a whole state; arrays count as one value.</summary>
    public static IReadOnlyList<string> Leaves(ShadowValue value)
    {
        List<string> paths = [];
        Leaves(value, "", paths);
        return paths;
    }

    /// <summary>The paths of all values in a document, arrays as one value.</summary>
    public static void Leaves(ShadowValue value, string path, List<string> paths)
    {
        if (!value.IsObject)
        {
            paths.Add(path);
            return;
        }

        for (int i = 0; i < value.Count; i++)
        {
            Leaves(value.ValueSpan[i], Join(path, value.NameSpan[i]), paths);
        }
    }

    /// <summary>Paths for people: the first few, and how many more there are.</summary>
    public static string List(IReadOnlyList<string> paths) => paths.Count <= MostListed
        ? string.Join(", ", paths)
        : $"{string.Join(", ", paths.Take(MostListed))} and {paths.Count - MostListed} more";

    private static ShadowValue? Item(ShadowValue array, ReadOnlySpan<char> index) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < array.Count ? array.ValueSpan[at] : null;

    private static string Unescape(string name) =>
        name.Contains('~', StringComparison.Ordinal)
            ? name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
            : name;
}
