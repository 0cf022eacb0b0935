namespace IotOps.Fleet;

/// <summary>How <see cref="LogTemplates"/> groups lines.</summary>
public sealed record LogTemplatesOptions
{
    /// <summary>The part of its words that a line shares with its template at least; 0.4 unless set.</summary>
    public double Similarity { get; init; } = 0.4;

    /// <summary>Depth of the tree: 4, one word at the beginning that must be equal, unless set; at least 3.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Words that a node of the tree tells apart; 100 unless set.</summary>
    public int Children { get; init; } = 100;

    /// <summary>Templates that are kept; 1,000 unless set, those used last. Null for no limit.</summary>
    public int? MaxTemplates { get; init; } = 1_000;
}
