namespace IotOps.Fleet;

/// <summary>Which messages go to a handler.</summary>
/// <param name="Name">For failures; unique in a router.</param>
/// <param name="Pattern">Which messages; it looks at a message without its envelope.</param>
/// <param name="Handler">Who handles them.</param>
public sealed record EventRoute(string Name, EventPattern Pattern, IMessageHandler Handler);
