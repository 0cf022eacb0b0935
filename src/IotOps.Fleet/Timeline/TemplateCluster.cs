namespace IotOps.Fleet.Timeline;

/// <summary>A template: the words that its lines share, and stars where they differ.</summary>
internal sealed class TemplateCluster(int id, string[] words)
{
    public int Id => id;

    public string[] Words => words;

    public long Lines { get; set; } = 1;

    /// <summary>Its place among the templates by their latest use; null once it is dropped.</summary>
    public LinkedListNode<TemplateCluster>? Place { get; set; }
}
