namespace IotOps.Emulator.Signing;

/// <summary>A key pair the emulator knows.</summary>
/// <param name="Id">Access key id.</param>
/// <param name="Secret">Secret access key.</param>
/// <param name="SessionToken">Token that must come along; null for long-term keys.</param>
/// <param name="Expires">When temporary keys end; null for long-term keys.</param>
internal sealed record AccessKey(string Id, string Secret, string? SessionToken = null, DateTimeOffset? Expires = null)
{
    /// <summary>Whose keys they are; null for those of the account's own user.</summary>
    public string? CallerArn { get; init; }

    /// <summary>The unique id that IAM would give who they are; null for those of the account's own user.</summary>
    public string? CallerId { get; init; }
}
