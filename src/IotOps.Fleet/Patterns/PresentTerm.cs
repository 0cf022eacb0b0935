namespace IotOps.Fleet.Patterns;

/// <summary><c>{"exists": true}</c>: any value.</summary>
internal sealed class PresentTerm() : ValueTerm("exists")
{
    public override bool Takes(ref FieldValue value) => true;
}
