namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>An OpenID provider and whom of its users the console lets in.</summary>
internal sealed record OpenIdSettings
{
    /// <summary>The issuer: <c>/.well-known/openid-configuration</c> lies below it.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>The console's client id there.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's secret; null for a public client. Not to be printed.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Scopes beside <c>openid</c>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["profile"];

    /// <summary>The claim that names a user's groups.</summary>
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>The claim that names the user in the audit log.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>Groups whose members may act.</summary>
    public IReadOnlyCollection<string> ResponderGroups { get; init; } = [];

    /// <summary>Groups whose members may look.</summary>
    public IReadOnlyCollection<string> ViewerGroups { get; init; } = [];

    /// <summary>The role of somebody in these groups; null when none of them is let in.</summary>
    public string? RoleOf(IEnumerable<string> groups)
    {
        string[] all = [.. groups];
        return all.Any(group => ResponderGroups.Contains(group, StringComparer.Ordinal)) ? Frame.Roles.Responder
            : all.Any(group => ViewerGroups.Contains(group, StringComparer.Ordinal)) ? Frame.Roles.Viewer
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Issuer} as {ClientId}";
}
