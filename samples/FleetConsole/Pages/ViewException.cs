namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>An address asks for a view that cannot be.</summary>
/// <param name="message">What is wrong with it, and what would be right.</param>
internal sealed class ViewException(string message) : Exception(message);
