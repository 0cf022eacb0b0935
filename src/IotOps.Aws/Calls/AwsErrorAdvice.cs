namespace IotOps.Aws.Calls;

/// <summary>What to do about a refusal, in one sentence.</summary>
internal static class AwsErrorAdvice
{
    public static string? For(AwsService service, string operation, string code) => code switch
    {
        "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" =>
            $"Allow {Action(service, operation)} on this resource in the IAM policy of the caller's role.",
        "ResourceNotFoundException" or "NoSuchBucket" or "NotFound" =>
            "Check the name, the region and the account; create it if it should exist.",
        "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" =>
            "The temporary credentials have expired; supply new ones.",
        "UnrecognizedClient" or "UnrecognizedClientException" or "InvalidClientTokenId" or "InvalidAccessKeyId" or "InvalidToken" =>
            "The access key is not known in this partition, or was deleted; check which credentials and which region are used.",
        "SignatureDoesNotMatch" or "InvalidSignatureException" =>
            "The secret access key does not belong to the access key id, or something between here and the service changed the request.",
        "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture" =>
            "The clock of this machine is wrong; the next call is signed with the service's time.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            "The bucket is in another region; give that region.",
        "LimitExceededException" => "A quota of the account is reached; raise it or delete what is unused.",
        _ => null,
    };

    private static string Action(AwsService service, string operation) => $"{service.SigningName}:{operation}";
}
