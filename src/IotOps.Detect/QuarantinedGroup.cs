namespace IotOps.Detect;

/// <summary>A thing group that the thing is in, as the plan found it.</summary>
/// <param name="Name">The group.</param>
/// <param name="IsDynamic">Whether a query decides who is in it.</param>
public sealed record QuarantinedGroup(string Name, bool IsDynamic);
