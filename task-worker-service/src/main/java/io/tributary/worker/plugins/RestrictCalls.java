package io.tributary.worker.plugins;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Replaces calls of a plugin that concern the whole process:
 *
 * <ul>
 *   <li>{@code System.exit}, {@code Runtime.exit} and {@code Runtime.halt} throw an exception: a fatal error of one
 *   plugin
 *       must not end the tasks of others.
 *   <li>{@code ProcessBuilder.start} and {@code Runtime.exec} throw an exception: a child would inherit the
 *   environment.
 *   <li>{@code System.getenv} finds nothing: the environment may hold the worker's own secrets.
 * </ul>
 *
 * <p>This protects against mistakes, not against malice: a call by reflection, a method reference or native code is not
 * replaced, and a plugin runs with the rights of the worker's process.
 */
final class RestrictCalls {

    private static final Map<String, Set<String>> METHODS = Map.of(
            "java/lang/System", Set.of("exit", "getenv"),
            "java/lang/Runtime", Set.of("exit", "halt", "exec"),
            "java/lang/ProcessBuilder", Set.of("start"));
    private static final ClassDesc EXCEPTION = ClassDesc.of("java.lang.UnsupportedOperationException");
    private static final MethodTypeDesc WITH_MESSAGE =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

    private final ClassFile classFile;

    /** @param loader of the classes that are changed */
    RestrictCalls(ClassLoader loader) {
        classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
    }

    /** Whether a class may have such a call: a quick check that excludes nearly all other classes. */
    boolean concerns(byte[] code) {
        String constants = new String(code, StandardCharsets.ISO_8859_1);
        return METHODS.entrySet().stream()
                .anyMatch(owner -> constants.contains(owner.getKey())
                        && owner.getValue().stream().anyMatch(constants::contains));
    }

    /** The class without such calls. */
    byte[] in(byte[] code) {
        return classFile.transformClass(
                classFile.parse(code), ClassTransform.transformingMethodBodies(RestrictCalls::restrict));
    }

    private static void restrict(CodeBuilder builder, CodeElement element) {
        if (!(element instanceof InvokeInstruction call) || !isRestricted(call)) {
            builder.with(element);
        } else if (!call.name().equalsString("getenv")) {
            refuse(builder, call);
        } else if (call.typeSymbol().parameterCount() == 0) {
            builder.invokestatic(ConstantDescs.CD_Map, "of", MethodTypeDesc.of(ConstantDescs.CD_Map), true);
        } else {
            builder.pop().aconst_null();
        }
    }

    private static boolean isRestricted(InvokeInstruction call) {
        Set<String> methods = METHODS.get(call.owner().asInternalName());
        return methods != null && methods.contains(call.name().stringValue());
    }

    private static void refuse(CodeBuilder builder, InvokeInstruction call) {
        builder.new_(EXCEPTION)
                .dup()
                .ldc("An integration must not call " + call.name() + ": it concerns the whole worker.")
                .invokespecial(EXCEPTION, ConstantDescs.INIT_NAME, WITH_MESSAGE)
                .athrow();
    }
}
