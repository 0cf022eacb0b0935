namespace IotOps.InteropTests.Peers;

/// <summary>A program that this machine has and that our side is checked against.</summary>
/// <param name="Name">As the tests ask for it.</param>
/// <param name="Program">What starts it.</param>
/// <param name="Version">As it tells it.</param>
public sealed record Peer(string Name, string Program, string Version);
