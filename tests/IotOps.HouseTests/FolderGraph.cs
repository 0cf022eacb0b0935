using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>
/// Which folder of a package uses which, a folder being a namespace. Two folders are compared below the one that holds both:
/// <c>Mqtt.Sessions.Session</c> using <c>Http.Router</c> is a use of Http by Mqtt, and using <c>Mqtt.Broker</c> one of Mqtt by Mqtt.Sessions.
/// <para>
/// The uses come from the compiled assembly (<see cref="TypeUses"/>) and from its using directives, which show the constants that the
/// compiler copies; an unused directive does not compile. One thing stays unseen: a folder that takes nothing but constants from the
/// folder around it.
/// </para>
/// <para>
/// The root namespace does not count. It is the package's public surface and its composition: folders take public options and records
/// from it, and its classes put the folders together. Linked sources from elsewhere in IotOps are a folder by their full name.
/// </para>
/// </summary>
internal sealed partial class FolderGraph
{
    private readonly SortedDictionary<(string From, string To), SortedSet<string>> _uses = [];
    private readonly string _root;

    private FolderGraph(string root) => _root = root;

    /// <summary>Both directions of a use: "A &lt;-&gt; B", sorted.</summary>
    public IReadOnlyList<string> Pairs =>
        [.. _uses.Keys.Where(use => string.CompareOrdinal(use.From, use.To) < 0 && IsMutual(use)).Select(use => $"{use.From} <-> {use.To}")];

    /// <summary>Cycles of three folders or more that do not go through a pair: "A -> B -> C -> A", each from its first folder.</summary>
    public IReadOnlyList<string> LongerCycles
    {
        get
        {
            ILookup<string, string> next = _uses.Keys.Where(use => !IsMutual(use)).ToLookup(use => use.From, use => use.To, StringComparer.Ordinal);
            var cycles = new SortedSet<string>(StringComparer.Ordinal);
            foreach (string start in next.Select(from => from.Key))
            {
                if (ShortestWayBack(start, next) is { } cycle && cycle.Min(StringComparer.Ordinal) == start)
                {
                    cycles.Add(string.Join(" -> ", cycle));
                }
            }

            return [.. cycles];
        }
    }

    /// <param name="assembly">The compiled assembly.</param>
    /// <param name="root">The package's root namespace.</param>
    /// <param name="sources">The folder of its sources.</param>
    public static FolderGraph Of(string assembly, string root, string sources)
    {
        var graph = new FolderGraph(root);
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string user, string used) in TypeUses.Of(assembly))
        {
            namespaces.Add(NamespaceOf(user));
            namespaces.Add(NamespaceOf(used));
            graph.Add(NamespaceOf(user), NamespaceOf(used), $"{Short(user)} uses {Short(used)}");
        }

        foreach (string file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            string user = NamespaceLine().Match(text).Groups["name"].Value;
            foreach (Match line in UsingLine().Matches(text))
            {
                // "using static" and an alias name a type.
                string name = line.Groups["name"].Value;
                string used = namespaces.Contains(name) ? name : NamespaceOf(name);
                graph.Add(user, used, $"{Path.GetFileName(file)} has a using for {used}");
            }
        }

        return graph;
    }

    /// <summary>Every use behind a pair, for the message of a failed test.</summary>
    public string Explain()
    {
        IEnumerable<string> uses = _uses.Where(use => IsMutual(use.Key)).Select(use => $"{use.Key.From} -> {use.Key.To}:\n    {string.Join("\n    ", use.Value)}");
        return string.Join("\n", uses);
    }

    private bool IsMutual((string From, string To) use) => _uses.ContainsKey((use.To, use.From));

    private void Add(string user, string used, string example)
    {
        if (Folder(user) is not { } from || Folder(used) is not { } to || from == to)
        {
            return;
        }

        string[] fromParts = from.Split('.');
        string[] toParts = to.Split('.');
        int shared = fromParts.Zip(toParts).TakeWhile(parts => parts.First == parts.Second).Count();
        (string, string) use = (string.Join('.', fromParts.Take(shared + 1)), string.Join('.', toParts.Take(shared + 1)));
        if (!_uses.TryGetValue(use, out SortedSet<string>? examples))
        {
            _uses[use] = examples = new SortedSet<string>(StringComparer.Ordinal);
        }

        examples.Add(example);
    }

    // Null is the root, and what counts as such: the Add... extensions in the framework's namespaces, and types that the compiler adds.
    private string? Folder(string name)
    {
        if (name.StartsWith(_root + ".", StringComparison.Ordinal))
        {
            return name[(_root.Length + 1)..];
        }

        return name == _root || !name.StartsWith("IotOps.", StringComparison.Ordinal) ? null : name;
    }

    private static string NamespaceOf(string type) => type[..Math.Max(type.LastIndexOf('.'), 0)];

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static List<string>? ShortestWayBack(string start, ILookup<string, string> next)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>([start]);
        while (open.TryDequeue(out string? at))
        {
            foreach (string to in next[at])
            {
                if (to == start)
                {
                    var cycle = new List<string> { start };
                    for (string step = at; step != start; step = cameFrom[step])
                    {
                        cycle.Insert(0, step);
                    }

                    cycle.Insert(0, start);
                    return cycle;
                }

                if (cameFrom.TryAdd(to, at))
                {
                    open.Enqueue(to);
                }
            }
        }

        return null;
    }

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using\s+(static\s+)?(\w+\s*=\s*)?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex UsingLine();
}
