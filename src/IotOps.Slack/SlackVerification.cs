namespace IotOps.Slack;

/// <summary>What <see cref="SlackRequestVerifier"/> found. Only <see cref="Accepted"/> came from Slack, just now, for the first time.</summary>
public enum SlackVerification
{
    /// <summary>No header carries a time, or several do. Answer 401.</summary>
    MissingTimestamp,

    /// <summary>The time is not a plain number of seconds. Answer 401.</summary>
    MalformedTimestamp,

    /// <summary>Further from now than the tolerance, in either direction. Answer 401; check the machine's clock when it comes often.</summary>
    Stale,

    /// <summary>No header carries a signature, or several do. Answer 401.</summary>
    MissingSignature,

    /// <summary>The signature is not <c>v0=</c> and 64 hexadecimal digits. Answer 401.</summary>
    MalformedSignature,

    /// <summary>Signed with none of the secrets, or changed on the way. Answer 401.</summary>
    WrongSignature,

    /// <summary>The same request was accepted before. Answer 401, and do nothing.</summary>
    Replayed,

    /// <summary>Larger than <see cref="SlackRequestVerifierOptions.MaxBodyBytes"/>; not hashed. Answer 413.</summary>
    TooLarge,

    /// <summary>Slack checks that the URL answers over TLS. Such a request may come unsigned: answer 200, and do nothing.</summary>
    SslCheck,

    /// <summary>Signed by Slack, fresh, and not seen before.</summary>
    Accepted,
}
