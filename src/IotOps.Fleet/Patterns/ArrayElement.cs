namespace IotOps.Fleet.Patterns;

/// <summary>An element of an array of an event.</summary>
/// <param name="Outer">The element that the array itself lies in; -1 for none.</param>
/// <param name="Array">The number of the array.</param>
/// <param name="Index">Which element.</param>
internal readonly record struct ArrayElement(int Outer, int Array, int Index);
