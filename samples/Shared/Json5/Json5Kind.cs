namespace IotOps.Samples.Json5;

/// <summary>What a JSON5 value is.</summary>
public enum Json5Kind
{
    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A number, <c>NaN</c> and the infinities included.</summary>
    Number,

    /// <summary>A string.</summary>
    String,

    /// <summary>An array.</summary>
    Array,

    /// <summary>An object.</summary>
    Object,
}
