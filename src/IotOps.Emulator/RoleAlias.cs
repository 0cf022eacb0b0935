namespace IotOps.Emulator;

/// <summary>
/// A role alias of AWS IoT and what comes of asking for it. The defaults give credentials; each other setting gives one
/// of the refusals of https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html.
/// </summary>
public sealed record RoleAlias
{
    /// <summary>1 to 128 letters, digits or any of <c>_ = , @ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How long the keys hold: the alias' credentialDurationSeconds, 900 s to 12 h in AWS. The emulator takes any.</summary>
    public TimeSpan CredentialDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What the role allows; a longer <see cref="CredentialDuration"/> is refused with 400.</summary>
    public TimeSpan MaxSessionDuration { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Whether the role exists and trusts credentials.iot.amazonaws.com; 400 otherwise.</summary>
    public bool RoleCanBeAssumed { get; init; } = true;

    /// <summary>Things whose certificate's policy allows iot:AssumeRoleWithCertificate on this alias, 403 for others; null is every thing.</summary>
    public IReadOnlyCollection<string>? AllowedThings { get; init; }
}
