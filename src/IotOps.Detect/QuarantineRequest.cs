namespace IotOps.Detect;

/// <summary>Which thing is to be quarantined, and why.</summary>
/// <param name="ViolationId">The violation, alarm or incident: 1 to 128 characters. One violation has one quarantine; the journal knows it by this.</param>
/// <param name="Thing">The thing: 1 to 128 of A-Z a-z 0-9 : _ -</param>
public sealed record QuarantineRequest(string ViolationId, string Thing)
{
    /// <summary>Why, for the journal.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The client ids whose connections are ended; null is the thing's name alone.</summary>
    public IReadOnlyList<string>? ClientIds { get; init; }

    /// <summary>Takes certificates out that other things use too. The plan names these things.</summary>
    public bool AllowSharedCertificates { get; init; }

    /// <summary>Takes a thing out that is in a protected group.</summary>
    public bool AllowProtectedGroups { get; init; }
}
