namespace IotOps.Logs;

/// <summary>One CloudWatch log stream.</summary>
internal readonly record struct LogDestination(string Group, string Stream)
{
    public override string ToString() => $"{Group}:{Stream}";
}
