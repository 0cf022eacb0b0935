namespace MqttPeers;

/// <summary>What is measured, and how each of the three does it.</summary>
internal sealed record Case(string Name, int Count, Func<int, Task> Ours, Func<int, Task> Peer, Func<int, Task> Raw)
{
    public IReadOnlyList<Func<int, Task>> Runs { get; } = [Ours, Peer, Raw];
}

/// <summary>One run: messages a second, bytes allocated a message.</summary>
internal sealed record Measured(double Rate, double Bytes);

/// <summary>One round of all three.</summary>
internal sealed record Figures(Measured Ours, Measured Peer, Measured Raw);
