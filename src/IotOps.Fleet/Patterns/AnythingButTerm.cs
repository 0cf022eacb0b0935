namespace IotOps.Fleet.Patterns;

/// <summary><c>anything-but</c>: whatever none of some terms takes, of whatever type. A member that is absent has no value to take.</summary>
internal sealed class AnythingButTerm(IReadOnlyList<ValueTerm> but) : ValueTerm("but " + string.Join('\0', but.Select(term => term.Key)))
{
    public override bool Takes(ref FieldValue value)
    {
        foreach (ValueTerm term in but)
        {
            if (term.Takes(ref value))
            {
                return false;
            }
        }

        return true;
    }
}
