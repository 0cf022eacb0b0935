namespace IotOps.InteropTests.Peers;

/// <summary>What a peer ended with.</summary>
public sealed record PeerResult(int ExitCode, string Output, string Error);
