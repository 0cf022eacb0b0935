using IotOps.Fleet.Timeline;

namespace IotOps.Fleet;

/// <summary>
/// Groups log lines by what they have in common, with Drain (He, Zhu, Zheng and Lyu, ICWS 2017): a tree by the number of words and the first of
/// them, then the most similar template. Memory is bounded by <see cref="LogTemplatesOptions.MaxTemplates"/>. For one thread at a time.
/// </summary>
public sealed class LogTemplates
{
    private const string Any = "<*>";

    private readonly LogTemplatesOptions _options;
    private readonly Dictionary<int, TemplateNode> _byLength = [];
    private readonly LinkedList<TemplateCluster> _used = [];
    private readonly Dictionary<int, TemplateCluster> _byId = [];
    private int _last;

    /// <summary>Makes an empty set of templates.</summary>
    public LogTemplates(LogTemplatesOptions? options = null)
    {
        _options = options ?? new LogTemplatesOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Depth, 3, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Children, 2, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxTemplates ?? 1, 1, nameof(options));
    }

    /// <summary>The templates that are kept, by their numbers.</summary>
    public IReadOnlyDictionary<int, string> Templates => _byId.ToDictionary(one => one.Key, one => string.Join(' ', one.Value.Words));

    /// <summary>Replaces what differs from line to line and means nothing: ARNs, UUIDs, IPv4 addresses, hexadecimal and other numbers.</summary>
    public static string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Masks.Apply(text);
    }

    /// <summary>Adds a line; mask it before, so that numbers do not tell lines apart.</summary>
    /// <returns>The number of its template, in the order in which they were made, from 1.</returns>
    public int Add(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (Find(words) is { } found)
        {
            Use(found, words);
            return found.Id;
        }

        var made = new TemplateCluster(++_last, words);
        made.Place = _used.AddLast(made);
        _byId.Add(made.Id, made);
        if (_byId.Count > _options.MaxTemplates)
        {
            Drop(_used.First!.Value);
        }

        List<TemplateCluster> leaf = Leaf(words).Clusters ??= [];
        leaf.RemoveAll(cluster => words.Length == 0 || cluster.Place is null);
        leaf.Add(made);
        return made.Id;
    }

    /// <summary>A template by its number; null once it was dropped.</summary>
    public string? Find(int template) => _byId.TryGetValue(template, out TemplateCluster? cluster) ? string.Join(' ', cluster.Words) : null;

    private TemplateCluster? Find(string[] words)
    {
        if (!_byLength.TryGetValue(words.Length, out TemplateNode? node))
        {
            return null;
        }

        for (int depth = 1; depth < _options.Depth - 2 && depth < words.Length; depth++)
        {
            if (!node.Next.TryGetValue(words[depth - 1], out TemplateNode? next) && !node.Next.TryGetValue(Any, out next))
            {
                return null;
            }

            node = next;
        }

        return words.Length == 0 ? node.Clusters?.Find(cluster => cluster.Place is not null) : Best(node.Clusters ?? [], words);
    }

    // The most similar; of equally similar ones the one with more stars.
    private TemplateCluster? Best(List<TemplateCluster> clusters, string[] words)
    {
        TemplateCluster? best = null;
        int bestSame = -1, bestStars = -1;
        foreach (TemplateCluster cluster in clusters)
        {
            if (cluster.Place is null)
            {
                continue;
            }

            int same = 0, stars = 0;
            string[] template = cluster.Words;
            for (int i = 0; i < words.Length; i++)
            {
                if (template[i] == Any)
                {
                    stars++;
                }
                else if (template[i] == words[i])
                {
                    same++;
                }
            }

            if (same > bestSame || (same == bestSame && stars > bestStars))
            {
                (best, bestSame, bestStars) = (cluster, same, stars);
            }
        }

        return (double)bestSame / words.Length >= _options.Similarity ? best : null;
    }

    private void Use(TemplateCluster cluster, string[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (cluster.Words[i] != words[i])
            {
                cluster.Words[i] = Any;
            }
        }

        cluster.Lines++;
        _used.Remove(cluster.Place!);
        _used.AddLast(cluster.Place!);
    }

    private void Drop(TemplateCluster cluster)
    {
        _used.Remove(cluster.Place!);
        cluster.Place = null;
        _byId.Remove(cluster.Id);
    }

    private TemplateNode Leaf(string[] words)
    {
        if (!_byLength.TryGetValue(words.Length, out TemplateNode? node))
        {
            _byLength.Add(words.Length, node = new TemplateNode());
        }

        for (int depth = 1; depth < _options.Depth - 2 && depth < words.Length; depth++)
        {
            string word = words[depth - 1];
            if (!node.Next.TryGetValue(word, out TemplateNode? next))
            {
                string key = Key(node, word);
                if (!node.Next.TryGetValue(key, out next))
                {
                    node.Next.Add(key, next = new TemplateNode());
                }
            }

            node = next;
        }

        return node;
    }

    private string Key(TemplateNode node, string word)
    {
        if (word.Any(char.IsDigit))
        {
            return Any;
        }

        int children = node.Next.Count;
        bool hasRoom = node.Next.ContainsKey(Any) ? children < _options.Children : children + 1 < _options.Children;
        return hasRoom ? word : Any;
    }
}
