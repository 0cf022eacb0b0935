namespace IotOps.Emulator;

/// <summary>What AssumeRole is told about a role.</summary>
public sealed record EmulatedRole
{
    /// <summary><c>arn:aws:iam::123456789012:role/Name</c>.</summary>
    public required string Arn { get; init; }

    /// <summary>Whether the role exists and trusts the caller; 403 AccessDenied otherwise, as in AWS, which does not tell the two apart.</summary>
    public bool CanBeAssumed { get; init; } = true;

    /// <summary>The external id that the role's trust policy asks for; null asks for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The longest session, 1 to 12 hours in AWS.</summary>
    public TimeSpan MaxSessionDuration { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Characters of its session tokens, 32 and more, rounded up to a multiple of 4. AWS names no largest size.</summary>
    public int SessionTokenChars { get; init; } = 128;
}
