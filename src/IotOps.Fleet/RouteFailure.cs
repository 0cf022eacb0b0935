namespace IotOps.Fleet;

/// <summary>A message that was not handled.</summary>
/// <param name="Message">The message; null when it could not be read.</param>
/// <param name="Route">The route whose handler failed; null when the message could not be read.</param>
/// <param name="Exception">Why.</param>
public sealed record RouteFailure(RoutedMessage? Message, string? Route, Exception Exception);
