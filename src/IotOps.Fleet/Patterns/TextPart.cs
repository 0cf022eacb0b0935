namespace IotOps.Fleet.Patterns;

/// <summary>Which part of a value a text without case must be.</summary>
internal enum TextPart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Its beginning.</summary>
    Beginning,

    /// <summary>Its end.</summary>
    End,
}
