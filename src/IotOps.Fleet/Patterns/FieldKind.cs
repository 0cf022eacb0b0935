namespace IotOps.Fleet.Patterns;

/// <summary>What a value of an event is.</summary>
internal enum FieldKind : byte
{
    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary><c>true</c>, <c>false</c> or <c>null</c>.</summary>
    Literal,
}
