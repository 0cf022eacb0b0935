using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>
/// The uses that only the sources show, because the compiler copies constants and names: <c>Folder.Type.Constant</c>,
/// <c>nameof(Folder.Type)</c>, the same without the folder where that is an enclosing one, and every using directive, since an unused one
/// does not compile.
/// </summary>
internal sealed partial class SourceUses
{
    private readonly IReadOnlyDictionary<string, IReadOnlySet<string>> _constants;
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal) { "" };

    /// <param name="constants">Every type of the package by its full name, with the names of its constants.</param>
    public SourceUses(IReadOnlyDictionary<string, IReadOnlySet<string>> constants)
    {
        _constants = constants;
        foreach (string type in constants.Keys)
        {
            for (string outer = FullName.Namespace(type); _namespaces.Add(outer); outer = FullName.Namespace(outer))
            {
            }
        }
    }

    /// <summary>The namespaces that a file's namespace uses.</summary>
    public IEnumerable<(string User, string Used)> Of(string source)
    {
        string user = NamespaceLine().Match(source).Groups["name"].Value;
        foreach (Match line in UsingLine().Matches(source))
        {
            // "using static" and an alias name a type.
            string name = line.Groups["name"].Value;
            yield return (user, _namespaces.Contains(name) ? name : FullName.Namespace(name));
        }

        foreach (Match match in Name().Matches(Comment().Replace(source, "")))
        {
            if (Resolve(user, match.Groups["name"].Value.Split('.'), isNameof: match.Groups["nameof"].Success) is { } type)
            {
                yield return (user, FullName.Namespace(type));
            }
        }
    }

    // As C# does: the first part is looked for from the innermost enclosing namespace outwards.
    private string? Resolve(string user, string[] parts, bool isNameof)
    {
        for (string enclosing = user; ; enclosing = FullName.Namespace(enclosing))
        {
            string at = enclosing;
            for (int i = 0; i < parts.Length; i++)
            {
                at = at.Length == 0 ? parts[i] : $"{at}.{parts[i]}";
                if (_constants.TryGetValue(at, out IReadOnlySet<string>? constants))
                {
                    return isNameof || (i + 1 < parts.Length && constants.Contains(parts[i + 1])) ? at : null;
                }

                if (!_namespaces.Contains(at))
                {
                    break;
                }
            }

            if (enclosing.Length == 0)
            {
                return null;
            }
        }
    }

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using\s+(static\s+)?(\w+\s*=\s*)?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline, 1_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<nameof>nameof\()?(?<![\w.""])(?<name>[A-Z]\w*(\.[A-Z]\w*)*)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name();
}
