namespace IotOps.Detect;

/// <summary>What a security profile is attached to.</summary>
public enum DetectTargetKind
{
    /// <summary>Every thing of the registry: <c>all/registered-things</c>.</summary>
    RegisteredThings,

    /// <summary>Every client without a thing: <c>all/unregistered-things</c>.</summary>
    UnregisteredThings,

    /// <summary>Both: <c>all/things</c>.</summary>
    AllThings,

    /// <summary>The things of a group, static or dynamic: <c>thinggroup/NAME</c>.</summary>
    Group,

    /// <summary>One thing: <c>thing/NAME</c>, which AWS does not know as a target.</summary>
    Thing,
}
