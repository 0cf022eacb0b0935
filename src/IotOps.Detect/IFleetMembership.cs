namespace IotOps.Detect;

/// <summary>Which groups a thing is in. Asked for each evaluation, so that it answers from memory; safe for concurrent use.</summary>
public interface IFleetMembership
{
    /// <summary>The groups of a thing, static and dynamic ones, and those above them; null when there is no such thing in the registry.</summary>
    /// <param name="thing">The thing's name, or a client id.</param>
    IReadOnlyCollection<string>? GroupsOf(string thing);
}
