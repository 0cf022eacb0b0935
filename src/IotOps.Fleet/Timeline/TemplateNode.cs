namespace IotOps.Fleet.Timeline;

/// <summary>A node of the tree that finds a line's template.</summary>
internal sealed class TemplateNode
{
    public Dictionary<string, TemplateNode> Next { get; } = new(StringComparer.Ordinal);

    /// <summary>The templates of the lines that end here; null when none does.</summary>
    public List<TemplateCluster>? Clusters { get; set; }
}
