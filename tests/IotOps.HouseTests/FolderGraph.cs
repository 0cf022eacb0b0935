namespace IotOps.HouseTests;

/// <summary>
/// Which folder of a package uses which, a folder being a namespace. Two folders are compared below the one that holds both:
/// <c>Mqtt.Sessions.Session</c> using <c>Http.Router</c> is a use of Http by Mqtt, and using <c>Mqtt.Broker</c> one of Mqtt by Mqtt.Sessions.
/// <para>
/// The uses come from the compiled assembly (<see cref="TypeUses"/>), and where the compiler leaves no trace from the sources
/// (<see cref="SourceUses"/>).
/// </para>
/// <para>
/// The root namespace does not count. It is the package's public surface and its composition: folders take public options and records
/// from it, and its classes put the folders together. Linked sources from elsewhere in IotOps are a folder by their full name.
/// </para>
/// </summary>
internal sealed class FolderGraph
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
        var types = TypeUses.Of(assembly);
        foreach ((string user, string used) in types.Uses)
        {
            graph.Add(FullName.Namespace(user), FullName.Namespace(used), $"{FullName.Last(user)} uses {FullName.Last(used)}");
        }

        var names = new SourceUses(types.Constants);
        foreach (string file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            foreach ((string user, string used) in names.Of(File.ReadAllText(file)))
            {
                graph.Add(user, used, $"{Path.GetFileName(file)} names {used}");
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
}
