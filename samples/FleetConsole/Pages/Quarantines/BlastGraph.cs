using IotOps.Detect;
using IotOps.Samples.FleetConsole.Frame;

namespace IotOps.Samples.FleetConsole.Pages.Quarantines;

/// <summary>Where the nodes of a plan's picture lie: the thing, its certificates and groups, what hangs on them, who else is hit.</summary>
public sealed class BlastGraph
{
    private const int RowHeight = 64;
    private const int NodeHeight = 40;
    private const int MaxOthers = 4;
    private static readonly int[] Columns = [0, 210, 450, 690];
    private static readonly int[] Widths = [160, 190, 190, 230];

    private readonly List<Node> _nodes = [];
    private readonly List<Edge> _edges = [];

    public BlastGraph(QuarantinePlan plan)
    {
        int row = 0;
        List<(Node Node, string Kind)> second = [];
        foreach (QuarantinedCertificate certificate in plan.Certificates)
        {
            row = Add(plan, certificate, row, second);
        }

        string? joined = plan.Steps.FirstOrDefault(step => step.Kind == QuarantineStepKind.AddToGroup)?.Target;
        if (plan.Groups.Count > 0)
        {
            second.Add((Place(1, row, "", "stays in its groups", string.Join(", ", plan.Groups.Select(group => group.Name))), ""));
            row++;
        }

        if (joined is not null)
        {
            Node group = Place(1, row, "new", "joins group", joined);
            second.Add((group, "new"));
            Link(group, Place(2, row, "new", "its deny policy holds", "for all members"), "new");
            row++;
        }

        Rows = Math.Max(1, row);
        Root = new Node(Columns[0], 27 + ((Rows - 1) * RowHeight / 2), Widths[0], "root", "acts on", plan.Thing);
        _nodes.Insert(0, Root);
        foreach ((Node node, string kind) in second)
        {
            Link(Root, node, kind);
        }
    }

    public int Rows { get; }

    public Node Root { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    public IReadOnlyList<Edge> Edges => _edges;

    public int Height => 27 + (Rows * RowHeight);

    private int Add(QuarantinePlan plan, QuarantinedCertificate certificate, int row, List<(Node Node, string Kind)> second)
    {
        bool isChanged = plan.Steps.Any(step => step.Target == certificate.Arn && !step.IsFinal);
        bool isShared = certificate.OtherThings.Count > 0;
        bool isRefused = isShared && plan.Refusals.Any(refusal => refusal is { Kind: QuarantineRefusalKind.SharedCertificate, IsOverridden: false });
        string kind = isRefused ? "refused" : isChanged ? "hit" : "";
        Node node = Place(1, row, kind, isRefused ? "✕ refused: shared" : isChanged ? "certificate → INACTIVE" : $"certificate, {certificate.Status}, stays", Words.Short(certificate.Id));
        second.Add((node, kind));
        bool losesPolicies = plan.Steps.Any(step => step.Kind == QuarantineStepKind.DetachPolicy && step.Target == certificate.Arn);
        Link(node, Place(2, row, losesPolicies ? "hit" : "", losesPolicies ? "policies, detached" : "policies, not touched", List(certificate.Policies)), losesPolicies ? "hit" : "");
        int others = row;
        foreach (string thing in certificate.OtherThings.Take(MaxOthers))
        {
            Link(node, Place(3, others++, "refused", "✕ would lose its connection", thing), "refused");
        }

        if (certificate.OtherThings.Count > MaxOthers)
        {
            Link(node, Place(3, others++, "refused", "✕ and as many more things", Words.Number(certificate.OtherThings.Count - MaxOthers)), "refused");
        }

        return Math.Max(row + 1, others);
    }

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private Node Place(int column, int row, string kind, string label, string name)
    {
        var node = new Node(Columns[column], 27 + (row * RowHeight), Widths[column], kind, label, name);
        _nodes.Add(node);
        return node;
    }

    private void Link(Node from, Node to, string kind)
    {
        int x1 = from.X + from.Width, y1 = from.Y + (NodeHeight / 2), x2 = to.X, y2 = to.Y + (NodeHeight / 2), middle = (x1 + x2) / 2;
        _edges.Add(new Edge($"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}", kind));
    }

    /// <summary>A box with two lines.</summary>
    public sealed record Node(int X, int Y, int Width, string Kind, string Label, string Name)
    {
        /// <summary>As much of the name as fits.</summary>
        public string Shown => Name.Length <= (Width - 20) / 7 ? Name : Name[..(((Width - 20) / 7) - 1)] + "…";
    }

    /// <summary>A line between two boxes.</summary>
    public sealed record Edge(string Path, string Kind);
}
