namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>How people sign in.</summary>
internal sealed record SignInSettings
{
    /// <summary>The file of token hashes; null for no sign-in by token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The OpenID provider; null for none.</summary>
    public OpenIdSettings? OpenId { get; init; }

    /// <summary>How long a session lasts without a request.</summary>
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Whether there is any way to sign in. Without one, everybody who reaches the console is let in.</summary>
    public bool IsConfigured => TokenFile is not null || OpenId is not null;
}
