using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>Who made a call: a record's <c>userIdentity</c>. Members that are absent, or of another type than documented, are null.</summary>
public sealed record CloudTrailIdentity
{
    /// <summary>What CloudTrail writes for a user name that may be a password typed into the wrong field.</summary>
    public const string HiddenUserName = "HIDDEN_DUE_TO_SECURITY_REASONS";

    /// <summary>CloudTrail's word, such as <c>AssumedRole</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The caller's unique id; of a role with <c>:session</c> behind it.</summary>
    public string? PrincipalId { get; init; }

    /// <summary>The caller's ARN.</summary>
    public string? Arn { get; init; }

    /// <summary>The account that the caller belongs to.</summary>
    public string? AccountId { get; init; }

    /// <summary>The access key that signed the call.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The user's name, or <see cref="HiddenUserName"/>.</summary>
    public string? UserName { get; init; }

    /// <summary>The AWS service that made the call, for itself or for the caller.</summary>
    public string? InvokedBy { get; init; }

    /// <summary>Who vouched for a SAML or web identity.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>The user of IAM Identity Center on whose behalf the call was made.</summary>
    public string? OnBehalfOfUserId { get; init; }

    /// <summary>The name of the role, or of the user, whose temporary credentials these are.</summary>
    public string? IssuerName { get; init; }

    /// <summary>The ARN of that role or user.</summary>
    public string? IssuerArn { get; init; }

    /// <summary>Whether the temporary credentials were obtained with a second factor; null when there are none.</summary>
    public bool? WithMfa { get; init; }

    /// <summary>With which kind of credentials the call was made.</summary>
    public CloudTrailCredentials Credentials => Type switch
    {
        "Root" => CloudTrailCredentials.Root,
        "IAMUser" => CloudTrailCredentials.IamUser,
        "AssumedRole" or "Role" => CloudTrailCredentials.Role,
        "FederatedUser" or "SAMLUser" or "WebIdentityUser" => CloudTrailCredentials.Federated,
        "AWSService" => CloudTrailCredentials.Service,
        "AWSAccount" => CloudTrailCredentials.Account,
        "IdentityCenterUser" => CloudTrailCredentials.IdentityCenter,
        "Directory" => CloudTrailCredentials.Directory,
        null when InvokedBy is not null => CloudTrailCredentials.Service,
        _ => CloudTrailCredentials.Unknown,
    };

    /// <summary>Whether the credentials expire by themselves: those of roles and federated users.</summary>
    public bool IsTemporary =>
        Credentials is CloudTrailCredentials.Role or CloudTrailCredentials.Federated || AccessKeyId?.StartsWith("ASIA", StringComparison.Ordinal) == true;

    /// <summary>Whether an AWS service made the call, for itself or for somebody.</summary>
    public bool IsByService => InvokedBy is not null || Credentials == CloudTrailCredentials.Service;

    /// <summary>
    /// The one name to show: the ARN; else the Identity Center user, a hidden user name, the principal id, the user name, the calling service, the account.
    /// Null when the record has none of them.
    /// </summary>
    public string? Actor => Arn ?? OnBehalfOfUserId ?? (UserName == HiddenUserName ? UserName : null) ?? PrincipalId ?? UserName ?? InvokedBy ?? AccountId;

    internal static CloudTrailIdentity? Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement identity = document.RootElement;
        if (identity.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement session = Members.Object(identity, "sessionContext"u8);
        JsonElement issuer = Members.Object(session, "sessionIssuer"u8);
        return new CloudTrailIdentity
        {
            Type = Members.Text(identity, "type"u8),
            PrincipalId = Members.Text(identity, "principalId"u8),
            Arn = Members.Text(identity, "arn"u8),
            AccountId = Members.Text(identity, "accountId"u8),
            AccessKeyId = Members.Text(identity, "accessKeyId"u8) is { Length: > 0 } key ? key : null,
            UserName = Members.Text(identity, "userName"u8),
            InvokedBy = Members.Text(identity, "invokedBy"u8),
            IdentityProvider = Members.Text(identity, "identityProvider"u8),
            OnBehalfOfUserId = Members.Text(Members.Object(identity, "onBehalfOf"u8), "userId"u8),
            IssuerName = Members.Text(issuer, "userName"u8),
            IssuerArn = Members.Text(issuer, "arn"u8),
            WithMfa = Members.Boolean(Members.Object(session, "attributes"u8), "mfaAuthenticated"u8),
        };
    }
}
