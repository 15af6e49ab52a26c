package io.hyperactor.wire;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// Generates for one record the codec that one would write by hand:
///
/// ```java
/// final class AddCodec implements Codec<Add> {
///     private final Codec c1; // for each component that the writer has no method for
///     public void write(WireWriter out, Object value) {
///         var record = (Add) value;
///         out.writeLong(record.amount());
///         c1.write(out, present(record.note(), "CounterMessage.Add.note"));
///     }
///     public Object read(WireReader in) {
///         var amount = in.readLong();
///         var note = (Note) c1.read(in);
///         try {
///             return new Add(amount, note);
///         } catch (RuntimeException e) {
///             throw in.malformed("CounterMessage.Add refuses its components", e);
///         }
///     }
/// }
/// ```
final class RecordCodecs {

    private static final ClassDesc CODEC = describe(Codec.class);
    private static final ClassDesc WRITER = describe(WireWriter.class);
    private static final ClassDesc READER = describe(WireReader.class);
    private static final ClassDesc ENCODE_EXCEPTION = describe(EncodeException.class);
    private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(CD_void, CODEC.arrayType());
    private static final MethodTypeDesc WRITE = MethodTypeDesc.of(CD_void, WRITER, CD_Object);
    private static final MethodTypeDesc READ = MethodTypeDesc.of(CD_Object, READER);
    private static final MethodTypeDesc PRESENT =
            MethodTypeDesc.of(CD_Object, CD_Object, CD_String);
    private static final MethodTypeDesc MALFORMED =
            MethodTypeDesc.of(
                    describe(WireFormatException.class), CD_String, describe(Throwable.class));
    private static final int PRIVATE_FINAL = ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL;
    private static final int PRIVATE_STATIC = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;

    private final CodecHome home;
    private final ClassDesc self;
    private final Class<?> type;
    private final ClassDesc record;
    private final List<RecordField> fields;

    RecordCodecs(CodecHome home, Class<?> type, List<RecordField> fields) {
        this.home = home;
        this.self = ClassDesc.of(home.packageName(), type.getSimpleName() + "Codec");
        this.type = type;
        this.record = describe(type);
        this.fields = fields;
    }

    @SuppressWarnings("unchecked") // it casts what it is given
    Codec<Object> generate() {
        var codecs = new Codec<?>[fields.size()];
        for (int i = 0; i < codecs.length; i++) {
            var codec = fields.get(i).codec();
            codecs[i] = codec instanceof LazyCodec lazy ? lazy.generated() : codec;
        }
        return (Codec<Object>) home.define(bytes(), codecs);
    }

    private static ClassDesc describe(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    private byte[] bytes() {
        return ClassFile.of()
                .build(
                        self,
                        classBuilder -> {
                            classBuilder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
                            classBuilder.withInterfaceSymbols(CODEC);
                            members(classBuilder);
                        });
    }

    private void members(ClassBuilder builder) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).inlined() == null) {
                builder.withField(codecName(i), CODEC, PRIVATE_FINAL);
            }
        }
        builder.withMethodBody(INIT_NAME, CONSTRUCTOR, 0, this::constructor);
        builder.withMethodBody("write", WRITE, ClassFile.ACC_PUBLIC, this::write);
        builder.withMethodBody("read", READ, ClassFile.ACC_PUBLIC, this::read);
        builder.withMethodBody("present", PRESENT, PRIVATE_STATIC, RecordCodecs::present);
    }

    private static String codecName(int component) {
        return "c" + component;
    }

    private void constructor(CodeBuilder code) {
        code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).inlined() == null) {
                code.aload(0).aload(1).loadConstant(i).aaload();
                code.putfield(self, codecName(i), CODEC);
            }
        }
        code.return_();
    }

    private void write(CodeBuilder code) {
        int typed = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(2).checkcast(record).astore(typed);
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            var inlined = field.inlined();
            if (inlined == null) {
                code.aload(0).getfield(self, codecName(i), CODEC);
            }
            code.aload(1).aload(typed);
            code.invokevirtual(record, field.name(), MethodTypeDesc.of(describe(field.erased())));
            if (!field.erased().isPrimitive()) {
                code.loadConstant(field.path()).invokestatic(self, "present", PRESENT);
            }
            if (inlined == null) {
                code.invokeinterface(CODEC, "write", WRITE);
            } else {
                writeInlined(code, field, inlined);
            }
        }
        code.return_();
    }

    private static void writeInlined(CodeBuilder code, RecordField field, Scalar scalar) {
        if (!field.erased().isPrimitive()) {
            var boxed = describe(scalar.boxed());
            code.checkcast(boxed);
            if (scalar.type().isPrimitive()) {
                var unbox = scalar.type().getName() + "Value";
                code.invokevirtual(boxed, unbox, MethodTypeDesc.of(describe(scalar.type())));
            }
        }
        var method = MethodTypeDesc.of(CD_void, describe(scalar.parameter()));
        code.invokevirtual(WRITER, "write" + scalar.method(), method);
    }

    private void read(CodeBuilder code) {
        var locals = new ArrayList<Integer>();
        for (int i = 0; i < fields.size(); i++) {
            readComponent(code, i);
            var kind = TypeKind.from(fields.get(i).erased());
            int local = code.allocateLocal(kind);
            code.storeLocal(kind, local);
            locals.add(local);
        }
        var start = code.newBoundLabel();
        construct(code, locals);
        var end = code.newBoundLabel();
        int exception = code.allocateLocal(TypeKind.REFERENCE);
        code.exceptionCatch(start, end, end, describe(RuntimeException.class));
        code.astore(exception).aload(1);
        code.loadConstant(WireType.nestedName(type) + " refuses its components");
        code.aload(exception).invokevirtual(READER, "malformed", MALFORMED).athrow();
    }

    private void readComponent(CodeBuilder code, int i) {
        var field = fields.get(i);
        var scalar = field.inlined();
        if (scalar == null) {
            code.aload(0).getfield(self, codecName(i), CODEC).aload(1);
            code.invokeinterface(CODEC, "read", READ);
            code.checkcast(describe(field.erased()));
            return;
        }
        var scalarType = describe(scalar.type());
        code.aload(1);
        code.invokevirtual(READER, "read" + scalar.method(), MethodTypeDesc.of(scalarType));
        if (scalar.type().isPrimitive() && !field.erased().isPrimitive()) {
            var boxed = describe(scalar.boxed());
            code.invokestatic(boxed, "valueOf", MethodTypeDesc.of(boxed, scalarType));
        }
    }

    private void construct(CodeBuilder code, List<Integer> locals) {
        var parameters = new ArrayList<ClassDesc>();
        code.new_(record).dup();
        for (int i = 0; i < locals.size(); i++) {
            var erased = fields.get(i).erased();
            code.loadLocal(TypeKind.from(erased), locals.get(i));
            parameters.add(describe(erased));
        }
        code.invokespecial(record, INIT_NAME, MethodTypeDesc.of(CD_void, parameters)).areturn();
    }

    private static void present(CodeBuilder code) {
        code.aload(0);
        code.ifThen(
                Opcode.IFNULL,
                absent -> {
                    absent.new_(ENCODE_EXCEPTION).dup().aload(1).loadConstant(" is null");
                    absent.invokevirtual(
                            CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String));
                    absent.invokespecial(
                            ENCODE_EXCEPTION, INIT_NAME, MethodTypeDesc.of(CD_void, CD_String));
                    absent.athrow();
                });
        code.aload(0).areturn();
    }
}
