namespace IotOps.Fleet.Patterns;

/// <summary>A value of an event that lies on a path of a pattern.</summary>
/// <param name="Path">The number of the path.</param>
/// <param name="Start">Where the value begins in the event; behind the quotation mark for a text.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsEscaped">Whether it is a text with escapes.</param>
/// <param name="Element">The array element that it lies in, as a number of <see cref="EventFields.Elements"/>; -1 for none.</param>
internal readonly record struct EventField(int Path, int Start, int Length, FieldKind Kind, bool IsEscaped, int Element);
