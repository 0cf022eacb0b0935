namespace IotOps.Fleet.Patterns;

/// <summary>A step of the paths that patterns name. The paths of all patterns are one tree.</summary>
internal sealed class PathNode
{
    private readonly ByteTable<PathNode> _steps = new();

    /// <summary>The number of the path that ends here; -1 when none does.</summary>
    public int Path { get; set; } = -1;

    /// <summary>Whether paths go on from here.</summary>
    public bool HasSteps => _steps.Count > 0;

    /// <summary>
    /// The node that a member leads to; null when no path goes there. A name with dots is as many steps: <c>{"a.b":1}</c> and
    /// <c>{"a":{"b":1}}</c> are one path.
    /// </summary>
    public PathNode? Find(ReadOnlySpan<byte> name)
    {
        if (_steps.Find(name) is { } node)
        {
            return node;
        }

        int dot = name.IndexOf((byte)'.');
        return dot < 0 ? null : _steps.Find(name[..dot])?.Find(name[(dot + 1)..]);
    }

    /// <summary>The node that a path leads to, made where it is not there yet.</summary>
    public PathNode Add(ReadOnlySpan<byte> path)
    {
        int dot = path.IndexOf((byte)'.');
        ReadOnlySpan<byte> step = dot < 0 ? path : path[..dot];
        PathNode? node = _steps.Find(step);
        if (node is null)
        {
            node = new PathNode();
            _steps.Add(step, node);
        }

        return dot < 0 ? node : node.Add(path[(dot + 1)..]);
    }
}
